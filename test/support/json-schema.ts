/** The part of JSON Schema that the project's own schemas use: enough to check a file by them. */

interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

/** What is wrong with `value`, each with its path; nothing where it is valid. */
export function faultsOf(value: unknown, root: object): string[] {
  return faultsAt('$', value, root as Schema, root as Schema);
}

function faultsAt(path: string, value: unknown, schema: Schema, root: Schema): string[] {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.replace('#/$defs/', '');
    const target = root.$defs?.[name];
    return target === undefined
      ? [`no schema ${schema.$ref}`]
      : faultsAt(path, value, target, root);
  }
  if (schema.enum !== undefined && !schema.enum.includes(value)) return [`${path}: not listed`];
  const types = schema.type === undefined ? [] : [schema.type].flat();
  if (types.length > 0 && !types.some((type) => isOf(type, value))) {
    return [`${path}: no ${types.join(' or ')}`];
  }
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return [];
    return value.flatMap((item, index) => faultsAt(`${path}[${index}]`, item, items, root));
  }
  return typeof value === 'object' && value !== null ? membersOf(path, value, schema, root) : [];
}

function membersOf(path: string, value: object, schema: Schema, root: Schema): string[] {
  const { required = [], properties = {} } = schema;
  const missing = required
    .filter((name) => !(name in value))
    .map((name) => `${path}.${name}: gone`);
  const members = Object.entries(value).filter(([name]) => name in properties);
  const wrong = members.flatMap(([name, member]) =>
    faultsAt(`${path}.${name}`, member, properties[name], root),
  );
  return [...missing, ...wrong];
}

function isOf(type: string, value: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}
