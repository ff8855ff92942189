import { arrayType, type DType, dtypeCode, dtypes, isNumeric, type TypedData } from './dtype.js';

// The shared memory through which small feeds and results cross, mirrored by
// native/binding/mailbox.h. Numbers in 8-byte words: feed records from word 0, result records from
// kResultWords. A record is tag, rank, dims. Tag >= 0: the elements lie at that byte. kPayload: they
// are the next entry of the payload or result list; kInPool: the same, in a pool block; kKept: that
// entry is the handle of a kept value. kGiven: they are in the array that the caller gave.
export const kWords = 32768;
export const kResultWords = kWords;
export const kFeedBytes = 2 * kWords * 8;
export const kResultBytes = kFeedBytes + 16384;
export const kMailboxBytes = kResultBytes + 16384;
export const kPayload = -1;
export const kGiven = -2;
export const kInPool = -3;
export const kKept = -4;
/** Feeds and results of at most so many bytes lie in the mailbox. */
export const kInlineBytes = 512;
/** Up to so many floats a loop is quicker than set() or slice(). */
export const kLoop = 16;
/** The word in which nextCompletion leaves the number of the run. */
export const kRunWord = 2 * kWords - 1;
/** The word in which runAsync leaves how long to poll for the end of the run, in milliseconds. */
export const kPollWord = 2 * kWords - 2;
/** The word in which the end of the small feeds is said, in bytes. */
export const kFeedEndWord = kWords - 1;
/** Words of a record at most. */
export const kRecordWords = 12;

export const mailbox = new ArrayBuffer(kMailboxBytes);
export const words = new Float64Array(mailbox);
export const bytes = new Uint8Array(mailbox);
export const floats = new Float32Array(mailbox);

const views = new Map<number, TypedData>();
for (const dtype of dtypes) {
  if (isNumeric(dtype)) views.set(dtypeCode(dtype), new (arrayType(dtype))(mailbox));
}

/** The mailbox as elements of a dtype; undefined for strings. */
export function mailboxOf(dtype: DType): TypedData | undefined {
  return views.get(dtypeCode(dtype));
}
