import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { z } from 'zod';
import { readConfig } from '../config.js';
import { createLog } from '../logger.js';
import { AppError } from '../model/app-error.js';
import { type JobAccount, ScanhoundPlugin } from '../plugin.js';
import { ask, readAnswer } from './ask-service.js';
import { followRuns } from './hunt-by-service.js';
import { onInterruption } from './interruption.js';
import { jobTable } from './job-table.js';
import { configOption, dataOption, jsonOption, urlOption } from './options.js';
import { print, say } from './output.js';
import { runLine, type Told } from './run-line.js';

interface JobOptions {
  url?: URL;
  data?: string;
  config?: string;
  json?: boolean;
  by?: string;
}

/** Jobs, wherever they are. */
interface JobDesk {
  list(): Promise<JobAccount[]>;
  pause(id: string, by?: string): Promise<void>;
  resume(id: string): Promise<void>;
  run(id: string): Promise<readonly Told[]>;
}

/** How long a hunt of the store may take to end itself. */
const GRACE_MS = 5_000;

/** scanhound jobs */
export function addJobs(program: Command): void {
  const jobs = program.command('jobs').description('what hunts by itself: show, pause, resume, or run it now');
  const add = (name: string, description: string) =>
    jobs
      .command(name)
      .description(description)
      .addOption(dataOption())
      .addOption(configOption())
      .addOption(urlOption('ask').conflicts('data'));
  add('list', 'show each job: its cadences, last run, next look, and how far it is behind')
    .addOption(jsonOption('whole jobs'))
    .action((options: JobOptions) => atDesk(options, async (desk) => tell(await desk.list(), options)));
  add('pause <job>', 'hunt nothing of this job on schedule until it is resumed')
    .option('--by <name>', 'who asks, to be shown')
    .action((id: string, options: JobOptions) =>
      atDesk(options, async (desk) => {
        await desk.pause(id, options.by);
        tell(await desk.list(), options);
      }),
    );
  add('resume <job>', 'hunt on schedule again, from where it stopped').action((id: string, options: JobOptions) =>
    atDesk(options, async (desk) => {
      await desk.resume(id);
      tell(await desk.list(), options);
    }),
  );
  add('run <job>', 'hunt what arrived since its marks now, also if it is paused, and wait for the end').action(
    (id: string, options: JobOptions) =>
      atDesk(options, async (desk) => {
        for (const run of await desk.run(id)) say(runLine(run));
      }),
  );
}

function tell(jobs: readonly JobAccount[], { json }: JobOptions): void {
  if (json) for (const job of jobs) print(JSON.stringify(job));
  else print(jobTable(jobs));
}

/** Does something at the service named, else at the store. */
async function atDesk(options: JobOptions, act: (desk: JobDesk) => Promise<void>): Promise<void> {
  const { url, data: folder, config } = options;
  if (url) return act(serviceDesk(url, onInterruption(0)));
  const { data, engine, tunables, cadences } = readConfig({ SCANHOUND_CONFIG: config, SCANHOUND_DATA: folder });
  if (!engine && !existsSync(data)) throw new AppError('STORE_EMPTY', `There is no store in ${data}`);
  const signal = onInterruption(GRACE_MS);
  const plugin = new ScanhoundPlugin(createLog('warn'));
  try {
    const { jobs } = await plugin.setup({ data, engine, settings: tunables, cadences });
    await act({
      list: () => jobs.list(),
      pause: (id, by) => jobs.pause(id, by),
      resume: (id) => jobs.resume(id),
      run: async (id) => (await jobs.run(id, 'command', signal)).done,
    });
  } finally {
    await plugin.stop();
  }
}

const Jobs = z.object({
  jobs: z.array(
    z
      .looseObject({ id: z.string(), state: z.string(), windows: z.array(z.looseObject({})) })
      .transform((job) => job as unknown as JobAccount),
  ),
});
const Ordered = z.object({ runs: z.array(z.string()) });

function serviceDesk(service: URL, signal: AbortSignal): JobDesk {
  const post = async <T>(form: z.ZodType<T>, id: string, action: string, body: object = {}): Promise<T> => {
    const headers = { 'content-type': 'application/json' };
    const path = `api/jobs/${encodeURIComponent(id)}/${action}`;
    const init = { method: 'POST', headers, body: JSON.stringify(body), signal };
    return readAnswer(form, await ask(service, path, init), service);
  };
  return {
    list: async () => readAnswer(Jobs, await ask(service, 'api/jobs', { signal }), service).jobs,
    pause: async (id, by) => void (await post(z.unknown(), id, 'pause', { by })),
    resume: async (id) => void (await post(z.unknown(), id, 'resume')),
    run: async (id) => followRuns((await post(Ordered, id, 'run')).runs, service, signal),
  };
}
