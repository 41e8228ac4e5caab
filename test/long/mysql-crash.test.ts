import { cutAtMessages } from '../connectors/mysql-crash.ts';

cutAtMessages({ step: 1, cuts: 80 });
