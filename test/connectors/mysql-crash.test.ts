import { cutAtMessages } from './mysql-crash.ts';

// Where the steps begin is drawn; test/long goes through all messages.
cutAtMessages({ step: 12, cuts: 6 });
