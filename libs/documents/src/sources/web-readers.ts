import { Crawler, DnsResolver, SafeFetch, SitemapReader } from '@app/web-fetch';
import type { Provider } from '@nestjs/common';
import { DocumentsOptions } from '../documents-options';

/** The one way out to the web, and what reads sites through it. One crawler for all syncs: it takes turns at each host. */
export const WEB_READERS: Provider[] = [
  { provide: SafeFetch, inject: [DocumentsOptions], useFactory: fetcherFor },
  {
    provide: Crawler,
    inject: [SafeFetch, DocumentsOptions],
    useFactory: (fetcher: SafeFetch, { web }: DocumentsOptions): Crawler => {
      const pause = web.webFetch.testPauseMs;
      return pause === null ? new Crawler(fetcher) : new Crawler(fetcher, { minMs: pause, maxMs: pause });
    },
  },
  { provide: SitemapReader, inject: [SafeFetch], useFactory: (fetcher: SafeFetch) => new SitemapReader(fetcher) },
];

function fetcherFor({ web: { environment, webFetch, contactUrl } }: DocumentsOptions): SafeFetch {
  const { testEndpoints, testNameServer } = webFetch;
  return new SafeFetch({
    environment,
    contactUrl,
    ...(testEndpoints.length > 0 && { exceptions: { endpoints: testEndpoints } }),
    ...(testNameServer !== null && { resolver: new DnsResolver([testNameServer]) }),
  });
}
