using System.Diagnostics;
using System.Runtime.InteropServices;

namespace PortMgmt.TestKit.Processes;

/// <summary>The program of the project PortMgmt.TestProcess, which lies beside the tests, ready to be started.</summary>
internal static class TestProgram
{
    /// <summary>Its path.</summary>
    public static string Path { get; } =
        System.IO.Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "PortMgmt.TestProcess.exe" : "PortMgmt.TestProcess");

    /// <summary>A start of it whose input and output the test has.</summary>
    /// <param name="launcher">A program that becomes the command given to it, with its options; empty for none.</param>
    /// <param name="arguments">The verb and its arguments.</param>
    public static ProcessStartInfo Prepare(IEnumerable<string> launcher, IEnumerable<string> arguments)
    {
        string[] command = [.. launcher, Path, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true };

        // The runtime of these tests, which need not be the one that is found first.
        start.Environment["DOTNET_ROOT"] = System.IO.Path.GetFullPath(System.IO.Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        ShortLived.Prepare(start);
        return start;
    }
}
