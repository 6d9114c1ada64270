import { evtxBlocks, isUnused } from './evtx-blocks.js';
import { EvtxThread } from './evtx-thread.js';
import { type BinaryFormat, type BinaryRecord, Rejected } from './format.js';
import { LIMITS } from './json-reader.js';
import { documentsOf } from './windows.js';
import { windowsEventOfXml } from './windows-event.js';

const MAGIC = Buffer.from('ElfFile\0');

/**
 * Windows' own event log files. Each block stands by itself, with its strings and templates, so one block is held at a
 * time, whatever the file's size. Blocks are read in a thread of their own (`EvtxThread`).
 *
 * What a file loses is told: a block that is none, a block whose records break off, an end that is cut. A block that
 * the service was writing to when the file was copied may hold newer records behind those its header counts: they stay
 * unread, for old ones of its last use look the same.
 */
export const evtx: BinaryFormat = {
  name: 'Windows event log (EVTX)',
  recognizes: (head) => head.subarray(0, MAGIC.length).equals(MAGIC),
  async *read(content) {
    const thread = new EvtxThread();
    try {
      for await (const { number, bytes } of evtxBlocks(content)) {
        if (isUnused(bytes)) continue;
        const { records, problem } = await thread.read(bytes);
        for (const { id, xml } of records) yield recordOf(id, xml);
        if (problem !== undefined) yield damaged(`Block ${number}: ${problem}`);
      }
    } finally {
      await thread.close();
    }
  },
};

const recordOf = (id: string, xml: string): BinaryRecord => ({
  id,
  original: xml,
  toDocuments() {
    if (xml.length > LIMITS.length) throw new Rejected('too_long', `Longer than ${LIMITS.length} characters`);
    return documentsOf(windowsEventOfXml(xml));
  },
});

const damaged = (why: string): BinaryRecord => ({
  id: '',
  original: '',
  toDocuments() {
    throw new Rejected('truncated', why);
  },
});
