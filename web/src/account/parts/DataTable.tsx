import type { ReactNode } from "react";

export type Column<T> = {
  key: string;
  head: string;
  cell: (item: T) => ReactNode;
  /** Numbers stand at the end of their column. */
  number?: boolean;
  /** On a phone, where a row is a card of pairs, this one takes the card's whole width. */
  wide?: boolean;
};

/** A line of sums: `head` reaches up to the first column that has a cell. */
export type FootRow = { key: string; testId: string; head: ReactNode; cells: Record<string, ReactNode> };

type Props<T> = {
  label: string;
  testId: string;
  columns: Column<T>[];
  rows: T[];
  rowKey: (item: T) => string;
  foot?: FootRow[];
  stale?: boolean;
};

/**
 * A wide table scrolls by itself, also with the keyboard; on a phone each row becomes a card, its cells labelled by
 * `data-head`. The roles are said because a browser may forget them where `display` is not that of a table.
 */
export function DataTable<T>({ label, testId, columns, rows, rowKey, foot = [], stale = false }: Props<T>) {
  const looks = (column: Column<T>) => ({
    className: [column.number && "number", column.wide && "wide"].filter(Boolean).join(" ") || undefined,
    "data-column": column.key,
    "data-head": column.head,
  });
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={label}>
      <table
        className={stale ? "data-table stale" : "data-table"}
        role="table"
        data-testid={testId}
        aria-busy={stale}
      >
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                role="columnheader"
                className={column.number ? "number" : undefined}
              >
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={rowKey(row)} role="row" data-id={rowKey(row)}>
              {columns.map((column) => (
                <td key={column.key} role="cell" {...looks(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        {foot.length > 0 && (
          <tfoot role="rowgroup">
            {foot.map(({ key, testId: footId, head, cells }) => {
              const first = columns.findIndex((column) => column.key in cells);
              return (
                <tr key={key} role="row" data-testid={footId}>
                  <th scope="row" role="rowheader" colSpan={first}>
                    {head}
                  </th>
                  {columns.slice(first).map((column) => (
                    <td key={column.key} role="cell" {...looks(column)}>
                      {cells[column.key]}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tfoot>
        )}
      </table>
    </div>
  );
}
