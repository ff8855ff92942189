// TensorFlow's GraphDef as JavaScript objects, in the way in which protobuf maps messages to JSON:
// names in camelCase, bytes in base64 or as they are, 64-bit integers as numbers, text or bigints.

export type Bytes = Uint8Array | string;
export type Int64 = number | bigint | string;
/** A number, or "NaN", "Infinity", "-Infinity". */
export type Float = number | string;

export interface GraphDef {
  readonly node?: readonly NodeDef[];
  readonly library?: {
    readonly function?: readonly FunctionDef[];
    /** Functions that are the gradients of others. */
    readonly gradient?: readonly GradientDef[];
  };
  readonly versions?: { readonly producer?: number; readonly minConsumer?: number };
}

export interface GradientDef {
  readonly functionName: string;
  /** From the arguments, then a gradient for each result, to a gradient for each argument. */
  readonly gradientFunc: string;
}

export interface NodeDef {
  readonly name: string;
  readonly op: string;
  /** "op" and "op:1" for values, then "^op" for operations that come before. */
  readonly input?: readonly string[];
  readonly device?: string;
  readonly attr?: Readonly<Record<string, AttrValue>>;
}

export interface AttrValue {
  readonly s?: Bytes;
  readonly i?: Int64;
  readonly f?: Float;
  readonly b?: boolean;
  readonly type?: string;
  readonly shape?: TensorShapeProto;
  readonly tensor?: TensorProto;
  readonly func?: NameAttrList;
  /** In a function: the attr of the call that stands here. */
  readonly placeholder?: string;
  readonly list?: ListValue;
}

export interface ListValue {
  readonly s?: readonly Bytes[];
  readonly i?: readonly Int64[];
  readonly f?: readonly Float[];
  readonly b?: readonly boolean[];
  readonly type?: readonly string[];
  readonly shape?: readonly TensorShapeProto[];
  readonly tensor?: readonly TensorProto[];
  readonly func?: readonly NameAttrList[];
}

export interface NameAttrList {
  readonly name: string;
}

/** A size of -1 is not known. */
export interface TensorShapeProto {
  readonly dim?: readonly { readonly size?: Int64 }[];
  readonly unknownRank?: boolean;
}

export interface TensorProto {
  readonly dtype: string;
  readonly tensorShape?: TensorShapeProto;
  /** The elements as they lie in memory; the fields below are for a few values. */
  readonly tensorContent?: Bytes;
  readonly halfVal?: readonly number[];
  readonly floatVal?: readonly Float[];
  readonly doubleVal?: readonly Float[];
  readonly intVal?: readonly number[];
  readonly stringVal?: readonly Bytes[];
  readonly scomplexVal?: readonly Float[];
  readonly dcomplexVal?: readonly Float[];
  readonly int64Val?: readonly Int64[];
  readonly boolVal?: readonly boolean[];
  readonly uint32Val?: readonly number[];
  readonly uint64Val?: readonly Int64[];
}

export interface ArgDef {
  readonly name: string;
  readonly type: string;
}

/** A branch or a loop's body. Inside, "node:output:0" is a value and "argument" a parameter. */
export interface FunctionDef {
  readonly signature: {
    readonly name: string;
    readonly inputArg?: readonly ArgDef[];
    readonly outputArg?: readonly ArgDef[];
  };
  readonly nodeDef?: readonly NodeDef[];
  readonly ret?: Readonly<Record<string, string>>;
  /** Operations that a call runs besides what gives its results, by a name of their own. */
  readonly controlRet?: Readonly<Record<string, string>>;
}

/** The version of GraphDefs that is written, and the newest that is understood. */
export const kGraphDefVersion = 2000;
