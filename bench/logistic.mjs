// Logistic regression by gradient descent on standardised features, with an L2 penalty: a few thousand rows and a dozen
// features need nothing bigger, and it gives the same numbers every time.
const STEPS = 4_000;
const RATE = 0.3;
const sigmoid = (x) => 1 / (1 + Math.exp(-x));

/** @param rows [{ features: number[], label: 0|1, weight }]  @returns { intercept, weights } on the raw features */
export function fitLogistic(rows, penalty = 5) {
  const width = rows[0].features.length;
  const columns = Array.from({ length: width }, (_, j) => standardiser(rows.map(({ features }) => features[j])));
  const data = rows.map(({ features }) => features.map((value, j) => (value - columns[j].mean) / columns[j].deviation));
  const total = rows.reduce((sum, { weight }) => sum + weight, 0);
  const weights = new Array(width).fill(0);
  let intercept = 0;
  for (let step = 0; step < STEPS; step++) {
    const gradient = new Array(width).fill(0);
    let slope = 0;
    for (const [i, { label, weight }] of rows.entries()) {
      const sum = data[i].reduce((all, value, j) => all + value * weights[j], intercept);
      const error = (sigmoid(sum) - label) * weight;
      slope += error;
      for (let j = 0; j < width; j++) gradient[j] += error * data[i][j];
    }
    intercept -= (RATE * slope) / total;
    for (let j = 0; j < width; j++) weights[j] -= (RATE * (gradient[j] + penalty * weights[j])) / total;
  }
  const raw = weights.map((weight, j) => weight / columns[j].deviation);
  return { intercept: intercept - raw.reduce((sum, weight, j) => sum + weight * columns[j].mean, 0), weights: raw };
}

export const predict = ({ intercept, weights }, features) =>
  sigmoid(features.reduce((sum, value, j) => sum + value * weights[j], intercept));

function standardiser(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) || 1 };
}
