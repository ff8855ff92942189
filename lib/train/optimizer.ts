import { checkKeys } from '../attrs.js';
import { group } from '../control/group.js';
import { type DType, type FloatDType, isFloat } from '../dtype.js';
import { EngineError, invalidArgument } from '../errors.js';
import { gradientObstacles, gradients } from '../gradients.js';
import type { Operation } from '../operation.js';
import { targetGraph } from '../subgraph.js';
import { Tensor } from '../tensor.js';
import { Variable } from '../variable.js';

/** What a variable is to be moved by: the derivative of the loss, null where there is none. */
export interface GradientPair {
  readonly gradient: Tensor<FloatDType> | null;
  readonly variable: Variable;
}

export interface ComputeGradientsOptions {
  /** Default: all trainable variables of the loss's graph. */
  readonly variables?: readonly Variable[] | undefined;
  /** What flows into the loss instead of ones. */
  readonly gradLoss?: Tensor<FloatDType> | undefined;
  readonly stopGradients?: readonly Tensor[] | undefined;
}

export interface ApplyOptions {
  /** Counted up by one after the step. */
  readonly globalStep?: Variable | undefined;
  readonly name?: string | undefined;
}

export type MinimizeOptions = ComputeGradientsOptions & ApplyOptions;

const computeKeys = ['variables', 'gradLoss', 'stopGradients'] as const;
const applyKeys = ['globalStep', 'name'] as const;

/** How a loss becomes changes of variables. What it keeps are variables too, saved with the rest. */
export abstract class Optimizer {
  /** Prefix of the names of its operations and variables. */
  abstract readonly name: string;

  /** The operation of one step: computes the gradients of the loss and moves the variables. */
  minimize(loss: Tensor, options: MinimizeOptions = {}): Operation {
    checkKeys('minimize', options, [...computeKeys, ...applyKeys]);
    const { globalStep, name, ...rest } = options;
    const pairs = this.computeGradients(loss, rest);
    if (pairs.every(({ gradient }) => gradient === null)) {
      throw noGradients(
        `check your graph for ops that do not support gradients, between variables ` +
          `[${namesOf(pairs)}] and loss '${loss.name}'${whyNone(loss, pairs)}.`,
      );
    }
    return this.applyGradients(pairs, { globalStep, name });
  }

  /** Adds the derivative of the loss by each variable. */
  computeGradients(loss: Tensor, options: ComputeGradientsOptions = {}): GradientPair[] {
    checkKeys('computeGradients', options, computeKeys);
    if (!(loss instanceof Tensor)) throw invalidArgument('loss', 'a tensor', loss);
    if (!isFloat(loss.dtype)) {
      throw invalid(`Invalid type ${loss.dtype} for ${loss.name}, expected: a floating dtype.`);
    }
    const variables = options.variables ?? loss.graph.trainableVariables;
    if (variables.length === 0) throw invalid('No variables to optimize.');
    for (const variable of variables) {
      if (!(variable instanceof Variable)) {
        throw invalidArgument('variables', 'a list of variables', variable);
      }
    }
    const { gradLoss, stopGradients } = options;
    const found = gradients(loss, variables, {
      ...(gradLoss ? { gradYs: [gradLoss] } : {}),
      stopGradients,
    });
    return variables.map((variable, i) => ({
      gradient: found[i] as Tensor<FloatDType> | null,
      variable,
    }));
  }

  /**
   * Moves the variables by their gradients; pairs without one are left out. The operation counts
   * as one step.
   */
  applyGradients(pairs: readonly GradientPair[], options: ApplyOptions = {}): Operation {
    checkKeys('applyGradients', options, applyKeys);
    const moving = pairs.filter((pair): pair is MovingPair => pair.gradient !== null);
    if (moving.length === 0) throw noGradients(`[${namesOf(pairs)}].`);
    checkPairs(moving);
    const { graph } = moving[0]!.variable;
    const { globalStep, name = this.name } = options;
    return targetGraph(graph).nameScope(name, (scope) => {
      const done = [...this.apply(moving)];
      // In the order of the program: after the moves, before the count.
      for (const { variable } of moving) {
        if (!variable.constraint) continue;
        const kept = variable.read({ controlInputs: done });
        done.push(variable.assign(variable.constraint.apply(kept)).op);
      }
      const counted = globalStep
        ? [globalStep.assignAdd(one(globalStep.dtype), { controlInputs: done })]
        : [];
      return group([...done, ...counted], { name: scope });
    });
  }

  /** The operations that move the variables, in the scope of the step. */
  protected abstract apply(pairs: readonly MovingPair[]): Operation[];
}

export interface MovingPair extends GradientPair {
  readonly gradient: Tensor<FloatDType>;
}

function checkPairs(pairs: readonly MovingPair[]): void {
  const seen = new Set<Variable>();
  for (const { gradient, variable } of pairs) {
    if (seen.has(variable)) throw invalid(`Variable '${variable.name}' has two gradients.`);
    seen.add(variable);
    if (gradient.dtype !== variable.dtype) {
      throw invalid(
        `Expected a gradient of ${variable.dtype} for variable '${variable.name}', ` +
          `got ${gradient.dtype}: ${gradient.name}`,
      );
    }
  }
}

function one(dtype: DType): number | bigint {
  return dtype === 'int64' || dtype === 'uint64' ? 1n : 1;
}

function whyNone(loss: Tensor, pairs: readonly GradientPair[]): string {
  const obstacles = gradientObstacles(
    loss,
    pairs.map(({ variable }) => variable),
  );
  return `: ${obstacles.join('; ') || 'the loss does not depend on them'}`;
}

const namesOf = (pairs: readonly GradientPair[]) =>
  pairs.map(({ variable }) => `'${variable.name}'`).join(', ');

const noGradients = (rest: string) => invalid(`No gradients provided for any variable, ${rest}`);

function invalid(message: string): EngineError {
  return new EngineError('INVALID_ARGUMENT', message);
}
