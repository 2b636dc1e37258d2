// Information-retrieval measures (Järvelin & Kekäläinen 2002 for nDCG), and how well a score separates two classes.
export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** @param ranked document ids, best first  @param gold document id → grade */
export function rankingMetrics(ranked, gold) {
  const gains = ranked.slice(0, 10).map((id) => gold.get(id) ?? 0);
  const discounted = (grades) => grades.reduce((sum, grade, i) => sum + grade / Math.log2(i + 2), 0);
  const ideal = discounted([...gold.values()].sort((a, b) => b - a).slice(0, 10));
  const first = gains.findIndex((gain) => gain > 0);
  return {
    ndcg10: discounted(gains) / ideal,
    recall5: gains.slice(0, 5).filter((gain) => gain > 0).length / gold.size,
    mrr10: first === -1 ? 0 : 1 / (first + 1),
    hit3: first !== -1 && first < 3 ? 1 : 0,
  };
}

/** Probability that a positive scores above a negative; ties count half. */
export function auroc(rows) {
  const sorted = [...rows].sort((a, b) => a.score - b.score);
  const positives = rows.filter(({ label }) => label === 1).length;
  let rankSum = 0;
  for (let start = 0; start < sorted.length;) {
    let end = start;
    while (end < sorted.length && sorted[end].score === sorted[start].score) end++;
    for (let i = start; i < end; i++) if (sorted[i].label === 1) rankSum += (start + end + 1) / 2;
    start = end;
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * (rows.length - positives));
}
