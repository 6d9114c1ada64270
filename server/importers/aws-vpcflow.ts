import type { EcsDocument } from '../../queries/document.js';
import { type FlowFields, fieldsOf, flowDocuments, isHeader, knownOrder, splitFields } from './aws-vpcflow-record.js';
import {
  type JsonFormat,
  type JsonObject,
  type ParsedDocument,
  Rejected,
  type TextFormat,
  type TextParser,
} from './format.js';
import { own } from './json-record.js';
import { asText } from './zeek-suricata-values.js';

/** CloudWatch's exports to S3 put the time of ingestion before each message. */
const EXPORTED = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z /;

const cellsOf = (line: string): string[] => splitFields(line.replace(EXPORTED, ''));

/**
 * AWS VPC flow logs as text: objects of S3, whose first line names the columns in whatever order the site chose, or lines
 * without it in AWS' default order or with all fields up to version 5.
 */
export const awsVpcFlow: TextFormat = {
  name: 'AWS VPC flow logs',
  recognizes(head) {
    const cells = cellsOf(head.split('\n', 1)[0] ?? '');
    return isHeader(cells) || knownOrder(cells) !== undefined;
  },
  open: () => new AwsVpcFlowParser(),
};

class AwsVpcFlowParser implements TextParser {
  private columns: readonly string[] | undefined;
  private headerLine: string | undefined;

  line(text: string): ParsedDocument[] {
    if (text.trim() === '') return [];
    const cells = cellsOf(text);
    if (isHeader(cells)) {
      this.columns = cells;
      this.headerLine = text;
      return [];
    }
    if (this.columns && cells.length !== this.columns.length)
      throw new Rejected('truncated', `A flow log line has ${cells.length} of ${this.columns.length} fields`);
    return documentsOf(cells, this.columns).map((document) => ({ document }));
  }

  end(): ParsedDocument[] {
    return [];
  }

  header(): readonly string[] {
    return this.headerLine === undefined ? [] : [this.headerLine];
  }
}

function documentsOf(cells: readonly string[], header?: readonly string[]): EcsDocument[] {
  const order = header ?? knownOrder(cells);
  if (!order)
    throw new Rejected('not_this_format', `A flow log line of ${cells.length} fields, and no line that names them`);
  return flowDocuments(fieldsOf(order, cells));
}

/**
 * The same as JSON: events of CloudWatch Logs (`logEvents` of a subscription, `events` of an answer, `{"message": …}`),
 * or objects with a key for each field, as query engines export them.
 */
export const awsVpcFlowJson: JsonFormat = {
  name: 'AWS VPC flow logs (JSON)',
  provenUnseen: true,
  recognizes: (record) => messageOf(record) !== undefined || isKeyed(record),
  toDocuments(record) {
    const cells = messageOf(record);
    return cells ? documentsOf(cells) : flowDocuments(keyed(record));
  },
};

function messageOf(record: JsonObject): string[] | undefined {
  const message = own(record, 'message');
  if (typeof message !== 'string' || message.length > 4096) return undefined;
  const cells = cellsOf(message);
  return knownOrder(cells) && cells;
}

const isKeyed = (record: JsonObject): boolean =>
  Object.hasOwn(record, 'srcaddr') &&
  Object.hasOwn(record, 'dstaddr') &&
  ['log_status', 'log-status', 'interface_id', 'interface-id', 'action'].some((name) => Object.hasOwn(record, name));

const keyed =
  (record: JsonObject): FlowFields =>
  (name) => {
    const text = asText(own(record, name) ?? own(record, name.replaceAll('-', '_')));
    return text === '-' ? undefined : text;
  };
