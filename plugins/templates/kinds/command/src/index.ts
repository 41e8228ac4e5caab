export { create{{class}}Command } from './command.ts';
