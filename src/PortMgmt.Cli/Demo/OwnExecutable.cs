using System.Diagnostics;

namespace PortMgmt.Cli.Demo;

/// <summary>This very program, to be started again: its own executable, or <c>dotnet portmgmt.dll</c> when started so.</summary>
internal static class OwnExecutable
{
    /// <summary>The program and its leading arguments.</summary>
    public static IReadOnlyList<string> Command
    {
        get
        {
            string path = Environment.ProcessPath!;
            bool isHost = string.Equals(Path.GetFileNameWithoutExtension(path), "dotnet", StringComparison.OrdinalIgnoreCase);
            return isHost ? [path, Path.Combine(AppContext.BaseDirectory, "portmgmt.dll")] : [path];
        }
    }

    /// <summary>How to start it with these arguments and its standard input and output in our hands.</summary>
    public static ProcessStartInfo Start(params IEnumerable<string> arguments) =>
        new(Command[0], Command.Skip(1).Concat(arguments))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,

            // A runtime that is killed could not remove its diagnostic files from the temporary directory.
            Environment = { ["DOTNET_EnableDiagnostics"] = "0" },
        };
}
