import { createSocket } from "node:dgram";

/** Asks a name server on this machine for the A records of a name, as if for a client's IPv4 address (EDNS client subnet, RFC 7871). */
export function askA(port: number, hostname: string, client: string): Promise<string[]> {
  const labels = hostname.split(".").map((label) => Buffer.concat([Buffer.of(label.length), Buffer.from(label)]));
  const header = Buffer.of(0x12, 0x34, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1);
  const question = Buffer.concat([...labels, Buffer.of(0, 0, 1, 0, 1)]);
  const subnet = Buffer.of(0, 8, 0, 8, 0, 1, 32, 0, ...client.split(".").map(Number));
  const edns = Buffer.concat([Buffer.of(0, 0, 41, 0x04, 0xd0, 0, 0, 0, 0, 0, subnet.length), subnet]);
  return new Promise((resolve, reject) => {
    const socket = createSocket("udp4");
    const timer = setTimeout(() => {
      socket.close();
      reject(new Error(`no answer on port ${port}`));
    }, 1000);
    socket.once("message", (answer) => {
      clearTimeout(timer);
      socket.close();
      const code = answer[3]! & 15; // a server that is still reading its zones refuses
      if (code === 0) resolve(addresses(answer, header.length + question.length));
      else reject(new Error(`port ${port} answered with code ${code}`));
    });
    socket.send(Buffer.concat([header, question, edns]), port, "127.0.0.1");
  });
}

/** Answers stand behind the question, each with a compressed name of two bytes. */
function addresses(answer: Buffer, start: number): string[] {
  const found: string[] = [];
  let at = start;
  for (let n = answer.readUInt16BE(6); n > 0; n--) {
    const length = answer.readUInt16BE(at + 10);
    if (answer.readUInt16BE(at + 2) === 1) found.push([...answer.subarray(at + 12, at + 12 + length)].join("."));
    at += 12 + length;
  }
  return found;
}
