// The little of Node-RED's editor and of its jQuery that the dialogs use. Neither ships usable types for the browser.

/** One entry of a typed input's type menu. */
interface TypedInputType {
  value: string;
  label?: string;
  icon?: string;
  /** false: the label stands for the whole value. */
  hasValue?: boolean;
  options?: TypedInputOption[] | (() => TypedInputOption[]);
  default?: string;
  /** The `type` attribute of the text field. */
  inputType?: string;
  /** Draws the value in place of the text field. */
  valueLabel?: (container: EditorQuery, value: string) => void;
}

interface TypedInputOption {
  value: string;
  label: string;
}

interface TypedInputOptions {
  types: (string | TypedInputType)[];
  default?: string;
  typeField?: EditorQuery | string;
}

interface EditableListOptions<T> {
  addButton?: string;
  removable?: boolean;
  sortable?: boolean;
  height?: string | number;
  addItem: (row: EditorQuery, index: number, item: Partial<T>) => void;
}

/** A jQuery collection, as far as it is used. */
interface EditorQuery {
  readonly length: number;
  [index: number]: HTMLElement;
  on(events: string, handler: (event: Event) => void): EditorQuery;
  trigger(event: string): EditorQuery;
  val(): string | null | undefined;
  val(value: string): EditorQuery;
  text(value: string): EditorQuery;
  css(values: Record<string, string>): EditorQuery;
  append(...elements: (HTMLElement | EditorQuery)[]): EditorQuery;
  appendTo(target: HTMLElement | EditorQuery): EditorQuery;
  empty(): EditorQuery;
  prop(name: string): unknown;
  prop(name: string, value: boolean): EditorQuery;
  typedInput(options: TypedInputOptions): EditorQuery;
  typedInput(method: 'value' | 'type'): string;
  typedInput(method: 'value' | 'type' | 'width', value: string): EditorQuery;
  typedInput(method: 'types', types: (string | TypedInputType)[]): EditorQuery;
  editableList<T>(options: EditableListOptions<T>): EditorQuery;
  editableList<T>(method: 'addItem', item: T): EditorQuery;
}

interface AjaxOptions {
  url: string;
  method: 'GET' | 'POST';
  contentType?: string;
  data?: string;
  dataType: 'json';
  cache?: boolean;
}

/** jQuery's promise of an answer. */
interface AjaxRequest {
  done(handler: (answer: unknown) => void): AjaxRequest;
  fail(handler: (request: { status: number }) => void): AjaxRequest;
}

declare const $: {
  (selector: string | HTMLElement): EditorQuery;
  ajax(options: AjaxOptions): AjaxRequest;
};

interface PopoverPanel {
  readonly container: EditorQuery;
  show(options: { target: EditorQuery; align?: 'left' | 'right'; onclose?: () => void }): void;
  hide(dispose?: boolean): void;
}

/** A node as the editor keeps it: its properties, and what the editor adds. */
interface EditorNode {
  readonly id: string;
  readonly type: string;
  name?: unknown;
  _?: (key: string) => string;
  readonly _def?: {
    readonly category?: string;
    readonly defaults?: Readonly<Record<string, { readonly value: unknown; readonly type?: string }>>;
  };
  [property: string]: unknown;
}

declare const RED: {
  _(key: string, values?: Record<string, string | number>): string;
  readonly i18n: { lang(): string };
  readonly nodes: {
    node(id: string): EditorNode | null | undefined;
    eachConfig(visit: (node: EditorNode) => void): void;
    dirty(changed: boolean): void;
  };
  readonly editor: { getEditStack(): readonly unknown[] };
  readonly popover: { panel(content: EditorQuery): PopoverPanel };
  readonly utils: {
    validateTypedProperty?: (value: string, type: string, options?: { label?: string }) => boolean | string;
  };
  readonly settings: { readonly context?: { readonly default?: string; readonly stores?: readonly string[] } };
};
