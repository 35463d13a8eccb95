namespace PortMgmt.Cli.Batch.Processes;

/// <summary>One run of a command.</summary>
/// <param name="Arguments">The command and its arguments; bytes, UTF-8 where they came from text. Nothing in them means anything to a shell.</param>
/// <param name="Input">What it gets on standard input; null for nothing at all (/dev/null).</param>
/// <param name="Port">Its leased port; null for none. It finds it in <c>PORT</c>, <c>PORT_1</c> and <c>PORTS</c>.</param>
internal sealed record ChildRequest(IReadOnlyList<byte[]> Arguments, byte[]? Input, int? Port);
