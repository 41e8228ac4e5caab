/**
 * Does `work` as on a machine whose clock is on each of two zones far from UTC, one of them with a
 * time of day that there is not each March.
 */
export async function inOtherZones(work: (zone: string) => Promise<void>): Promise<void> {
  const before = process.env.TZ;
  try {
    for (const zone of ['Asia/Kolkata', 'America/New_York']) {
      process.env.TZ = zone;
      await work(zone);
    }
  } finally {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  }
}
