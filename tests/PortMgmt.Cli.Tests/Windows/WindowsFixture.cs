using System.Diagnostics;
using System.Text.Json;
using PortMgmt.Cli.Tests.Support;

namespace PortMgmt.Cli.Tests.Windows;

/// <summary>Commands that exist on Windows, and the batches that run them.</summary>
public abstract class WindowsFixture : CommandLineFixture
{
    /// <summary>A program that does as its arguments say.</summary>
    protected static string TestProgram { get; } = Path.Combine(AppContext.BaseDirectory, "PortMgmt.TestProcess.exe");

    /// <summary>Runs a batch to its end, its input written beside the reading of its output.</summary>
    protected CliResult Batch(string input, params string[] arguments)
    {
        Process batch = Start(Executable, ["batch", .. arguments]);
        batch.StandardInput.Write(input);
        return Finish(batch);
    }

    /// <summary>The results of a batch.</summary>
    protected static JsonElement[] Results(CliResult result) => [.. result.Lines.Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>The only result of a batch.</summary>
    protected static JsonElement OnlyResult(CliResult result) => Assert.Single(Results(result));

    /// <summary>A member of a result as text, with the line ends of Unix.</summary>
    protected static string Text(JsonElement result, string member) => result.GetProperty(member).GetString()!.ReplaceLineEndings("\n");

    /// <summary>Makes a file in the test's directory.</summary>
    protected string Write(string name, string text)
    {
        string path = Path.Combine(WorkDirectory, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Whether a process lives.</summary>
    protected static bool IsAlive(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
