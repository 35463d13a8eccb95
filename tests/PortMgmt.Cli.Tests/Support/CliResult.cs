using System.Text.Json;

namespace PortMgmt.Cli.Tests.Support;

/// <summary>What a finished child process left.</summary>
public sealed record CliResult(int ExitCode, string Output, string Error)
{
    /// <summary>The lines of the output.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The output as the JSON array that it has to be.</summary>
    public JsonElement[] Json => [.. JsonDocument.Parse(Output).RootElement.EnumerateArray()];

    /// <summary>The members' names of the first object, in order.</summary>
    public string[] Members => [.. Json[0].EnumerateObject().Select(member => member.Name)];

    /// <summary>Checks the exit code; a failure shows the whole outcome.</summary>
    public CliResult Expect(int exitCode)
    {
        Assert.True(exitCode == ExitCode, $"Exit code {ExitCode} where {exitCode} was expected.\nOutput: {Output}\nError: {Error}");
        return this;
    }

    /// <summary>Checks that this failed with one printable line on standard error and nothing on standard output.</summary>
    public string ExpectError(int exitCode)
    {
        Expect(exitCode);
        Assert.Equal("", Output);
        Assert.StartsWith("portmgmt: ", Error, StringComparison.Ordinal);
        Assert.EndsWith("\n", Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Error[..^1], char.IsControl);
        return Error;
    }
}
