/** A comparison as data: what `--json` writes, and what the other forms are made of. */
import type { Cell } from '../cell.ts';
import type { Environment } from '../environment.ts';
import { CURVE_PERCENTILES } from '../latency.ts';
import type { Plan } from '../rounds.ts';
import { idleOf, type Scenario, type Shape } from '../scenarios.ts';

/** Raised when a field changes its meaning or goes; new fields leave it as it is. */
export const SCHEMA_VERSION = 1;

export interface Report {
  readonly schema: 'syskv-compare';
  readonly schemaVersion: number;
  readonly environment: Environment;
  readonly settings: {
    readonly rounds: number;
    readonly warmUpMs: number;
    readonly warmingMs: number;
    readonly durationMs: number;
    readonly loadShare: number;
    readonly seed: number;
  };
  readonly targets: readonly ReportedTarget[];
  readonly scenarios: readonly ReportedScenario[];
  /** Positions of every `curve`, in percent. */
  readonly curvePercentiles: readonly number[];
  readonly cells: readonly Cell[];
  readonly warnings: readonly string[];
}

export interface ReportedTarget {
  readonly name: string;
  readonly reference: boolean;
  readonly description: string;
  /** It answers a constant and stores nothing: a measure for the others, not one of them. */
  readonly isFloor?: boolean;
}

export interface ReportedScenario {
  readonly name: string;
  readonly title: string;
  readonly question: string;
  readonly shape: Shape;
  /** On the curve of throughput against idle connections: how many; else null. */
  readonly idleCurve: number | null;
}

export function reportOf(
  plan: Plan,
  cells: readonly Cell[],
  environment: Environment,
  warnings: readonly string[],
): Report {
  const { rounds, warmUpMs, warmingMs, durationMs, loadShare, seed } = plan;
  return {
    schema: 'syskv-compare',
    schemaVersion: SCHEMA_VERSION,
    environment,
    settings: { rounds, warmUpMs, warmingMs, durationMs, loadShare, seed },
    targets: plan.targets.map(({ name, reference, description, isFloor = false }) => ({
      ...{ name, reference, description, isFloor },
    })),
    scenarios: plan.scenarios.map(reportedScenario),
    curvePercentiles: CURVE_PERCENTILES,
    cells,
    warnings,
  };
}

function reportedScenario(scenario: Scenario): ReportedScenario {
  const { name, title, question, shape } = scenario;
  return { name, title, question, shape, idleCurve: idleOf(scenario) };
}

export function cellsOf(report: Report, scenario: string): readonly Cell[] {
  return report.cells.filter((cell) => cell.scenario === scenario);
}
