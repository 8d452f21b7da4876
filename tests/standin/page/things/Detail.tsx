/** A page about one tag, performer, image, …: picture, name, what is known. */
import { type DocumentNode, useQuery } from "@apollo/client";
import React, { type ReactNode } from "react";
import { ErrorMessage } from "../shared/ErrorMessage.tsx";
import { LoadingIndicator } from "../shared/LoadingIndicator.tsx";

interface Props<T> {
  id: string;
  document: DocumentNode;
  field: string;
  children: (thing: T) => ReactNode;
}

export function Detail<T>({ id, document, field, children }: Props<T>) {
  const { data, previousData, loading, error } = useQuery(document, { variables: { id } });
  const thing: T | null | undefined = (data ?? previousData)?.[field];
  if (error) return <ErrorMessage error={error.message} />;
  if (!thing)
    return loading ? (
      <LoadingIndicator />
    ) : (
      <ErrorMessage error={`No ${field.replace("find", "")} with id ${id} found.`} />
    );
  return <>{children(thing)}</>;
}

export function DetailHeader({
  title,
  image,
  children,
}: {
  title: ReactNode;
  image?: string | null;
  children?: ReactNode;
}) {
  return (
    <div className="detail-header">
      <div className="detail-container">
        {image && (
          <div className="detail-header-image">
            <img src={image} alt="" />
          </div>
        )}
        <div className="row">
          <div className="detail-head col">
            <h2>
              <span>{title}</span>
            </h2>
            {children}
          </div>
        </div>
      </div>
    </div>
  );
}

export function DetailItem({ id, title, value }: { id: string; title: string; value: ReactNode }) {
  if (!value) return null;
  return (
    <div className={`detail-item ${id}`}>
      <span className={`detail-item-title ${id}`}>{title}:</span>
      <span className={`detail-item-value ${id}`}>{value}</span>
    </div>
  );
}
