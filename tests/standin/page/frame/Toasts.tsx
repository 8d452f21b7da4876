/** Short messages at the top right (on phones at the bottom), one at a time; a click on one opens it as an error. */
import React, { createContext, type PropsWithChildren, type ReactNode, useContext, useMemo, useState } from "react";
import { Button, Modal, Toast } from "react-bootstrap";

export interface ToastOptions {
  content: ReactNode;
  variant?: string;
  delay?: number;
}

export interface Toaster {
  toast(options: ToastOptions): void;
  success(message: ReactNode): void;
  error(error: unknown): void;
}

const SHOWN_MS = 3000;
const ERROR_SHOWN_MS = 5000;
/** Tests on a busy machine look later than an owner would: they may have each toast shown so many times longer. */
const patience = () => (window as { standinPatience?: number }).standinPatience ?? 1;
const Context = createContext<(toast: ToastOptions) => void>(() => undefined);

function sentence(error: unknown): string {
  if (error instanceof Error) return error.message;
  return typeof error === "string" ? error : JSON.stringify(error);
}

export function ToastProvider({ children }: PropsWithChildren<unknown>) {
  const [toast, setToast] = useState<ToastOptions & { id: number }>();
  const [shown, setShown] = useState(false);
  const [expanded, setExpanded] = useState(false);
  const add = useMemo(
    () => (options: ToastOptions) => {
      setToast((last) => ({ ...options, id: (last?.id ?? 0) + 1 }));
      setShown(true);
    },
    [],
  );
  return (
    <Context.Provider value={add}>
      {children}
      {toast && expanded && (
        <Modal show className="toast-expanded-dialog" onHide={() => setExpanded(false)}>
          <Modal.Header>Error</Modal.Header>
          <Modal.Body>{toast.content}</Modal.Body>
          <Modal.Footer>
            <Button onClick={() => setExpanded(false)}>Close</Button>
          </Modal.Footer>
        </Modal>
      )}
      <div className="toast-container row">
        {toast && !expanded && (
          <Toast
            key={toast.id}
            autohide
            animation
            show={shown}
            onClose={() => setShown(false)}
            delay={(toast.delay ?? SHOWN_MS) * patience()}
            className={toast.variant ?? "success"}
          >
            <Toast.Header>
              {/* biome-ignore lint: as Stash has it */}
              <span className="mr-auto" onClick={() => setExpanded(true)}>
                {toast.content}
              </span>
            </Toast.Header>
          </Toast>
        )}
      </div>
    </Context.Provider>
  );
}

export function useToast(): Toaster {
  const add = useContext(Context);
  return useMemo(
    () => ({
      toast: add,
      success: (content) => add({ content }),
      error: (error) =>
        add({ content: <span>Error: {sentence(error)}</span>, variant: "danger", delay: ERROR_SHOWN_MS }),
    }),
    [add],
  );
}
