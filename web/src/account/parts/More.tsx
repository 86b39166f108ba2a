import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";

type Props = {
  /** A list that comes in pages, as TanStack Query gives it. */
  list: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    fetchNextPage: () => Promise<unknown>;
  };
};

/** The next page of a list, below it; nothing when there is none. */
export function More({ list }: Props) {
  const { t } = useTranslation("account");
  if (!list.hasNextPage) return null;
  return (
    <div className="more">
      <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
        {t("more")}
      </Button>
    </div>
  );
}
