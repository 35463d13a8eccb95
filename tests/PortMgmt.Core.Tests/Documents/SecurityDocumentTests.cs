using System.Text.RegularExpressions;
using Xunit;

namespace PortMgmt.Tests.Documents;

/// <summary>The threat model names the test that holds each of its lines: there must be such a test.</summary>
public sealed partial class SecurityDocumentTests
{
    [SkippableFact]
    public void Security_EveryTestThatIsNamed_Exists()
    {
        string? root = FindRepository();
        Skip.If(root is null, "These tests do not run in the repository.");
        var sources = Directory.EnumerateFiles(Path.Combine(root, "tests"), "*.cs", SearchOption.AllDirectories)
            .GroupBy(static path => Path.GetFileNameWithoutExtension(path), StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => string.Concat(group.Select(File.ReadAllText)), StringComparer.Ordinal);

        (string Class, string Method)[] named = [.. TestName().Matches(File.ReadAllText(Path.Combine(root, "docs", "security.md")))
            .Select(static match => (match.Groups[1].Value, match.Groups[2].Value))];

        Assert.InRange(named.Length, 20, 1000);
        Assert.All(named, test => Assert.Contains($" {test.Method}(", sources.GetValueOrDefault(test.Class, ""), StringComparison.Ordinal));
    }

    [SkippableFact]
    public void Security_EveryThreat_HasATestThatHoldsItsLine()
    {
        string? root = FindRepository();
        Skip.If(root is null, "These tests do not run in the repository.");
        string[] lines = File.ReadAllLines(Path.Combine(root, "docs", "security.md"));

        string[] threats = [.. lines
            .Select(static (line, number) => (Line: line, Number: number))
            .Where(entry => entry.Line.StartsWith("| ", StringComparison.Ordinal) && TableHead(lines, entry.Number) == "| threat | what holds | test |")
            .Select(static entry => entry.Line)
            .Where(static line => !line.StartsWith("| threat ", StringComparison.Ordinal) && !line.StartsWith("| ---", StringComparison.Ordinal))];

        Assert.InRange(threats.Length, 20, 1000);
        Assert.All(threats, static threat => Assert.Matches(TestName(), threat[threat.LastIndexOf(" | ", StringComparison.Ordinal)..]));
    }

    /// <summary>The first line of the table that a line is in.</summary>
    private static string TableHead(string[] lines, int number)
    {
        while (number > 0 && lines[number - 1].StartsWith('|'))
        {
            number--;
        }

        return lines[number];
    }

    private static string? FindRepository()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(Path.Combine(directory, "PortMgmt.sln")))
        {
            directory = Path.GetDirectoryName(directory);
        }

        return directory;
    }

    [GeneratedRegex(@"`(\w+Tests)\.(\w+)`")]
    private static partial Regex TestName();
}
