namespace PortMgmt.Cli.Run;

/// <summary>What <c>run</c> is to start.</summary>
/// <param name="Command">The command's name or path; like all texts here in Latin-1 on Unix, one character a byte.</param>
/// <param name="Arguments">Its arguments, without itself.</param>
/// <param name="Variables">Environment variables to set on top of those of this process.</param>
internal sealed record CommandProcess(string Command, IReadOnlyList<string> Arguments, IReadOnlyList<KeyValuePair<string, string>> Variables);
