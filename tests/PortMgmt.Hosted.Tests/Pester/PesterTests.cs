using Xunit;
using Xunit.Abstractions;

namespace PortMgmt.Hosted.Tests.Pester;

/// <summary>Each file of tests/pester in a pwsh of its own, against the built module.</summary>
/// <remarks>What keeps the tests from running is an argument, since <c>dotnet test</c> prints the names of skipped tests, not the reasons.</remarks>
public sealed class PesterTests(ITestOutputHelper output)
{
    // Long forms are asked for by name, and take as long as they take.
    private static readonly TimeSpan Limit = Environment.GetEnvironmentVariable("PORTMGMT_SOAK") == "1" ? TimeSpan.FromHours(3) : TimeSpan.FromMinutes(10);

    public static TheoryData<string, string?> Files
    {
        get
        {
            string? obstacle = Pwsh.FindObstacle();
            TheoryData<string, string?> files = [];
            foreach (string path in Directory.EnumerateFiles(Repository.PesterDirectory, "*.Tests.ps1").Order(StringComparer.Ordinal))
            {
                files.Add(Path.GetFileName(path), obstacle);
            }

            return files;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void PesterFile_AllItsTests_Pass(string file, string? obstacle)
    {
        Skip.If(obstacle is not null, obstacle);

        PwshResult result = Pwsh.Run(CommandFor(Path.Combine(Repository.PesterDirectory, file)), Limit);

        output.WriteLine(result.Output);
        Assert.True(result.ExitCode == 0, result.ExitCode is null ? $"{file} did not end within {Limit}:\n{result.Output}" : result.Output);
    }

    private static string CommandFor(string path) => $$"""
        $ErrorActionPreference = 'Stop'
        Import-Module -Name Pester -MinimumVersion 5.7
        $configuration = New-PesterConfiguration
        $configuration.Run.Path = '{{path.Replace("'", "''", StringComparison.Ordinal)}}'
        $configuration.Run.PassThru = $true
        $configuration.Output.Verbosity = 'Normal'
        $configuration.Output.RenderMode = 'Plaintext'
        $run = Invoke-Pester -Configuration $configuration
        exit [int]($run.Result -ne 'Passed' -or $run.PassedCount -eq 0)
        """;
}
