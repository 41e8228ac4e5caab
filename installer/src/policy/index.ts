export { durationMs } from './age.ts';
export { policyFaults } from './check-policy.ts';
export { errorTable as policyErrorTable } from './errors.ts';
export { isLicensed, licenseText } from './license.ts';
export { firstPartyNames, type NearName, nearNames } from './near-names.ts';
export { matches } from './pattern.ts';
export { type Candidate, type PlacedPolicy, policyViolations, policyWarnings } from './violations.ts';
