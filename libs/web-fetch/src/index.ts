export { Crawler } from './crawl/crawler';
export type { CrawlEvent, CrawlOptions, KnownPage } from './crawl/crawl-event';
export { DnsResolver } from './fetch/dns-resolver';
export { HostResolver } from './fetch/host-resolver';
export { type GetOptions, SafeFetch, type SafeFetchOptions } from './fetch/safe-fetch';
export { errorOfStatus } from './fetch/source-error';
export type { Validators, WebAnswer, WebContent } from './fetch/web-answer';
export { RobotsTxt } from './robots/robots-txt';
export { SitemapReader, type SitemapPages } from './sitemap/sitemap-reader';
