interface Day {
  readonly precipitation: number;
  readonly temp_max: number;
  readonly temp_min: number;
  readonly weather: string;
}

/** What the rows of `days` say about a day. A plain function: tests call it without running anything. */
export function describeDay({ precipitation, temp_max, temp_min, weather }: Day) {
  return {
    kind: weather === 'drizzle' ? 'rain' : weather,
    mean: Math.round((temp_max + temp_min) * 5) / 10,
    is_wet: precipitation > 0,
  };
}
