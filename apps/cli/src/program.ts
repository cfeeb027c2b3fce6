import { Id, Instant } from '@apex/protocol/id'
import { ImportFormat } from '@apex/protocol/import'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import manifest from '../package.json' with { type: 'json' }
import { type AskOptions, ask } from './commands/ask.ts'
import type { CommandContext } from './commands/context.ts'
import { type EventsOptions, events } from './commands/events.ts'
import { type ImportCommandOptions, importFile } from './commands/import.ts'
import { type LoginOptions, login } from './commands/login.ts'
import { logout } from './commands/logout.ts'
import { test } from './commands/test.ts'
import { up } from './commands/up.ts'
import { describeFailure, EXIT } from './exit.ts'
import { say } from './terminal.ts'

/** Runs one command line (without program and script name) and returns its exit code. */
export async function run(context: CommandContext, args: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.done
  const program = createProgram(context, async (command) => {
    exitCode = await command
  })
  try {
    await program.parseAsync(args, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage
    const failure = describeFailure(error)
    say(context.terminal, `netra: ${failure.message}`)
    return failure.exitCode
  }
}

type Finish = (command: Promise<number>) => Promise<void>

function createProgram(context: CommandContext, finish: Finish): Command {
  const { stderr, stdout } = context.terminal
  const program = new Command('netra')
    .description('Self-hosted co-pilot for AI spend: every figure opens the query that produced it.')
    .version(manifest.version)
    .exitOverride()
    .showHelpAfterError('(netra --help lists the commands)')
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) })
  addUp(program, finish)
  addAsk(program, context, finish)
  addEvents(program, context, finish)
  addImport(program, context, finish)
  addLogin(program, context, finish)
  addTest(program, context, finish)
  return program
}

function addUp(program: Command, finish: Finish): void {
  const command = program
    .command('up')
    .description('start the server with everything it needs, on this machine')
    .option('--data <dir>', 'where everything is kept (default: .netra beside this program)')
    .option('--port <port>', 'the port to listen on; 0 lets the system choose', parsePort, 3000)
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .option('--json', 'progress as JSON lines')
    .action((options: { data?: string; port: number; host: string; json?: boolean }) => {
      const { data, host, json, port } = options
      const given = [...(data === undefined ? [] : ['--data', data]), '--port', String(port), '--host', host]
      return finish(up(json ? [...given, '--json'] : given))
    })
  command.addHelpText('after', '\nThe first start makes an owner account and prints how to sign in.')
}

function addAsk(program: Command, context: CommandContext, finish: Finish): void {
  withServer(program.command('ask').description('ask a question, watch the agents work, read the report'))
    .argument('<question>', 'the question, in quotes')
    .option('--thread <id>', 'go on in a thread instead of beginning a new one', parseId)
    .option('--json', 'the log as JSON lines, then the report as the last line')
    .action((question: string, options: AskOptions) => finish(ask(context, question, options)))
}

function addEvents(program: Command, context: CommandContext, finish: Finish): void {
  withServer(program.command('events').description("print a thread's log"))
    .requiredOption('--thread <id>', 'the thread', parseId)
    .option('--after <seq>', 'only what follows this position', parseSeq, 0)
    .option('--follow', 'go on with what is added, until interrupted')
    .option('--json', 'JSON lines')
    .action((options: EventsOptions) => finish(events(context, options)))
}

function addImport(program: Command, context: CommandContext, finish: Finish): void {
  withServer(program.command('import').description('import a file of LLM usage, gzip too'))
    .argument('<file>', 'the file, or - for standard input')
    .addOption(new Option('--format <format>', 'the format of the file').choices(ImportFormat.options).default('auto'))
    .option('--model <model>', 'the model of calls whose line does not name one')
    .option('--service <name>', 'the service they belong to')
    .option('--project <name>', 'the project they belong to')
    .option('--environment <name>', 'the environment they belong to')
    .option('--start <instant>', 'the instant of relative time zero, in ISO 8601', parseInstant)
    .option('--map <file>', 'JSON that maps columns of the file to fields of a call')
    .option('--json', 'the result as one JSON line')
    .action((file: string, options: ImportCommandOptions) => finish(importFile(context, file, options)))
}

function addLogin(program: Command, context: CommandContext, finish: Finish): void {
  program
    .command('login')
    .description('sign in to a server and keep the session')
    .option('--url <url>', 'the server (default: the one running here)')
    .option('--email <email>', 'who signs in')
    .option('--password-stdin', 'read the password from standard input')
    .action((options: LoginOptions) => finish(login(context, options)))
  program
    .command('logout')
    .description('end the session of an earlier login')
    .option('--url <url>', 'the server (default: the one last logged in to)')
    .action((options: { url?: string }) => finish(logout(context, options)))
}

function addTest(program: Command, context: CommandContext, finish: Finish): void {
  program
    .command('test')
    .description('run the tests of this checkout')
    .argument('[category...]', 'only these')
    .option('--list', 'list the categories')
    .action((names: string[], options: { list?: boolean }) => finish(test(context, names, options)))
}

function withServer(command: Command): Command {
  return command
    .addOption(
      new Option('--data <dir>', 'the data folder of a server on this machine (default: .netra)').conflicts('url'),
    )
    .option('--url <url>', 'the address of the server')
    .option('--api-key <key>', 'an API key of the server (or NETRA_API_KEY)')
}

function parseId(text: string): string {
  const id = Id.safeParse(text)
  if (!id.success) throw new InvalidArgumentError('It must be a UUID.')
  return id.data
}

function parsePort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError('It must be 0 to 65535.')
  return Number(text)
}

function parseSeq(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 0.')
  return Number(text)
}

function parseInstant(text: string): string {
  if (!Instant.safeParse(text).success) throw new InvalidArgumentError('Write it like 2026-06-01T00:00:00Z.')
  return text
}
