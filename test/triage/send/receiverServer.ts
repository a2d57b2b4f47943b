import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that arrived. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  // biome-ignore lint/suspicious/noExplicitAny: bodies of several formats
  readonly body: any;
}

export interface ReceiverServer {
  readonly url: string;
  readonly received: Received[];
  /** How the next requests are answered; 200 for those after them. A function keeps the response to itself. */
  readonly answers: (
    | number
    | [status: number, headers: Record<string, string>]
    | ((response: ServerResponse) => void)
  )[];
  close(): Promise<void>;
}

/** A receiver on loopback that keeps what it gets. */
export async function receiverServer(): Promise<ReceiverServer> {
  const received: Received[] = [];
  const answers: ReceiverServer["answers"] = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    received.push({ path: request.url ?? "", headers: request.headers, body: JSON.parse(text) });
    const answer = answers.shift() ?? 200;
    if (typeof answer === "function") answer(response);
    else if (typeof answer === "number") response.writeHead(answer).end("secret-in-answer");
    else response.writeHead(...answer).end();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    answers,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}
