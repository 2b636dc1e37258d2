import type { FirstAdmin } from './demo/first-admin';

export interface BannerFacts {
  apiUrl: string;
  demoUrl: string | null;
  hasApiDocs: boolean;
  admin: FirstAdmin | null;
  dataDir: string;
}

/** What a newcomer needs to know once everything runs. Printed in development only; production speaks JSON. */
export function banner({ apiUrl, demoUrl, hasApiDocs, admin, dataDir }: BannerFacts): string {
  const lines = ['', '  CustomerCare is running. Ready.', ''];
  if (demoUrl) lines.push(`  Demo page   ${demoUrl}`);
  if (hasApiDocs) lines.push(`  API docs    ${apiUrl}/docs`);
  lines.push(`  API         ${apiUrl}/v1`);
  if (admin)
    lines.push(
      '',
      '  First admin (as made at the first start)',
      `    e-mail    ${admin.email}`,
      `    password  ${admin.password}`,
    );
  lines.push('', `  Data is kept in ${dataDir}. Ctrl-C stops.`, '');
  return lines.join('\n');
}
