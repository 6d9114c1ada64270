import { Connection } from './backends/search/connection.js';
import { examine } from './backends/search/doctor.js';
import type { Finding } from './backends/search/finding.js';
import { documentIndices, telemetryIndexOf } from './backends/search/own-indices.js';
import { indexSteps, type SetupStep, templateSteps } from './backends/search/setup.js';
import { type EngineSettings, ownTelemetry } from './engine-config.js';
import { AppError } from './model/app-error.js';

export type { Finding } from './backends/search/finding.js';
export type { SetupStep } from './backends/search/setup.js';

/** What people do to the engine itself. */
export interface EngineCare {
  /** What is missing of Scanhound's templates, indices and aliases. */
  missing(): Promise<SetupStep[]>;
  /** What is found of all that hunts need, in plain words. Changes nothing. */
  examine(): AsyncIterable<Finding>;
}

/** Throws CONFIG_INVALID where no engine is named: the embedded store needs no care. */
export async function onEngine<T>(
  settings: EngineSettings | undefined,
  use: (care: EngineCare) => Promise<T>,
): Promise<T> {
  if (settings === undefined)
    throw new AppError(
      'CONFIG_INVALID',
      'Neither ELASTICSEARCH_URL nor OPENSEARCH_URL is set, and the embedded store needs no setup',
    );
  const connection = Connection.open(settings);
  const own = [...documentIndices(settings.prefix), telemetryIndexOf(ownTelemetry(settings.prefix))];
  try {
    return await use({
      async missing() {
        return [...(await templateSteps(connection, own)), ...(await indexSteps(connection, own))];
      },
      examine() {
        const { engine, url, indices, prefix } = settings;
        return examine({ connection, engine, url, telemetry: indices, prefix, own, now: Date.now });
      },
    });
  } finally {
    await connection.close();
  }
}
