import { forever, forge, frame, hostile, list, text } from './hostile.mts';
export default hostile(
  () => {
    const payload = Buffer.concat([list(2), text('state.get'), text('x')]);
    for (let i = 0; i < 2; i += 1) forge(frame({ kind: 1, id: 77, payload }));
    return forever();
  },
  { services: ['vp.state@1'] },
);
