/** Scores of models have no common scale: what counts is how one ranks among its like. Pure. */

export const STEPS = 5;

/** 1 to STEPS: how near to the best of its list. */
export function strength(score: number, top: number | undefined): number {
  if (top === undefined || top <= 0) return score > 0 ? STEPS : 1;
  return Math.min(STEPS, Math.max(1, Math.ceil((score / top) * STEPS - 1e-9)));
}

/** Scores that a slider between the lowest and the best goes through: a step small enough, and round. */
export function stepOf(low: number, top: number): number {
  const wanted = (top - low) / 40;
  if (!(wanted > 0)) return 0.01;
  return Math.max(0.001, 10 ** Math.floor(Math.log10(wanted)));
}

/** The highest round score that nothing of `low` and above falls short of. */
export function roundDown(score: number, step: number): number {
  return Number((Math.floor(score / step + 1e-9) * step).toFixed(4));
}
