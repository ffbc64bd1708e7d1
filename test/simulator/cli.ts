// Starts a simulated NAS from the command line: one JSON line when it is ready, and a clean end at Ctrl-C.

import { HELP, readCommandLine } from './cli-options';
import { startSimulator } from './simulator';
import { type SimulatorOptions } from './options';

async function run(options: SimulatorOptions): Promise<void> {
  const nas = await startSimulator(options);
  const ready = { url: nas.url, username: nas.username, password: nas.password };
  process.stdout.write(`${JSON.stringify(options.twoFactor === true ? { ...ready, otp: nas.otp } : ready)}\n`);
  const stop = (): void => {
    void nas.close();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

const commandLine = readCommandLine(process.argv.slice(2));
if (commandLine.kind === 'help') {
  process.stdout.write(`${HELP}\n`);
} else if (commandLine.kind === 'error') {
  process.stderr.write(`${commandLine.message}\nTry --help.\n`);
  process.exitCode = 2;
} else {
  run(commandLine.options).catch((error: unknown) => {
    process.stderr.write(`The simulator cannot start: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
