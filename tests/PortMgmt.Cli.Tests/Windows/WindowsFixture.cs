using System.Diagnostics;
using System.Text.Json;
using PortMgmt.Cli.Tests.Batch;

namespace PortMgmt.Cli.Tests.Windows;

/// <summary>Commands that exist on Windows, and the batches that run them.</summary>
public abstract class WindowsFixture : BatchFixture
{
    /// <summary>A member of a result as text, with the line ends of Unix.</summary>
    protected static new string Text(JsonElement result, string member) => BatchFixture.Text(result, member)!.ReplaceLineEndings("\n");

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
