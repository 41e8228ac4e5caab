export { licenseText } from './license.ts';
export { firstPartyNames, nearNames } from './near-names.ts';
export { type Candidate, type PlacedPolicy, policyViolations, policyWarnings } from './violations.ts';
