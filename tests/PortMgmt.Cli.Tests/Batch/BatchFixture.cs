using System.Text.Json;
using PortMgmt.Cli.Tests.Support;

namespace PortMgmt.Cli.Tests.Batch;

/// <summary>Runs <c>portmgmt batch</c> with an input.</summary>
public abstract class BatchFixture : CommandLineFixture
{
    /// <summary>Runs a batch to its end.</summary>
    protected CliResult Batch(string input, params string[] arguments) => BatchOfBytes(System.Text.Encoding.UTF8.GetBytes(input), arguments);

    /// <summary>Runs a batch whose input need be no text to its end.</summary>
    protected CliResult BatchOfBytes(byte[] input, params string[] arguments)
    {
        if (OperatingSystem.IsWindows())
        {
            return Finish(Start(Executable, ["batch", .. arguments]), input);
        }

        File.WriteAllBytes(Path.Combine(WorkDirectory, "input"), input);
        return Shell("exec \"$portmgmt\" batch \"$@\" < input", arguments);
    }

    /// <summary>The results of a batch.</summary>
    protected static JsonElement[] Results(CliResult result) => [.. result.Lines.Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>The only result of a batch.</summary>
    protected static JsonElement OnlyResult(CliResult result) => Assert.Single(Results(result));

    /// <summary>A member of a result as text.</summary>
    protected static string? Text(JsonElement result, string member) => result.GetProperty(member).GetString();

    /// <summary>The text of a file that a batch may have open at the moment.</summary>
    protected static string ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    /// <summary>How many there are to be of something: fewer on Windows, where a process takes its time.</summary>
    protected static int Count(int onUnix, int onWindows) => OperatingSystem.IsWindows() ? onWindows : onUnix;

    /// <summary>Lines 1 to that number.</summary>
    protected static string Numbers(int count) => string.Concat(Enumerable.Range(1, count).Select(number => $"{number}\n"));
}
