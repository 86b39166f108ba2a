import type { ReactNode } from "react";

export type Column<T> = {
  key: string;
  head: string;
  cell: (item: T) => ReactNode;
  /** Numbers stand at the end of their column. */
  number?: boolean;
};

type Props<T> = {
  label: string;
  testId: string;
  columns: Column<T>[];
  rows: T[];
  rowKey: (item: T) => string;
  foot?: ReactNode;
  stale?: boolean;
};

/** A wide table that scrolls by itself, also with the keyboard, when the page is narrow. */
export function DataTable<T>({ label, testId, columns, rows, rowKey, foot, stale = false }: Props<T>) {
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={label}>
      <table className={stale ? "data-table stale" : "data-table"} data-testid={testId} aria-busy={stale}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" className={column.number ? "number" : undefined}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} data-id={rowKey(row)}>
              {columns.map((column) => (
                <td
                  key={column.key}
                  className={column.number ? "number" : undefined}
                  data-column={column.key}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        {foot && <tfoot>{foot}</tfoot>}
      </table>
    </div>
  );
}
