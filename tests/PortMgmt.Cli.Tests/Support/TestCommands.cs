using PortMgmt.TestKit;

namespace PortMgmt.Cli.Tests.Support;

/// <summary>Commands for tests to have run: a Unix has them, and for Windows the test process does the same.</summary>
internal static class TestCommands
{
    private static readonly string[] Tools = ["true", "false", "echo", "printf", "cat", "touch", "env", "yes"];

    /// <summary>The program of the project PortMgmt.TestProcess.</summary>
    public static string TestProgram { get; } =
        Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "PortMgmt.TestProcess.exe" : "PortMgmt.TestProcess");

    /// <summary>A script of the shell, or what stands for it where there is none.</summary>
    /// <param name="script">What sh is to read on Unix.</param>
    /// <param name="steps">The steps that the test process does on Windows, as its StepsVerb has them; none for a test of Unix alone.</param>
    public static string[] Script(string script, params string[] steps)
    {
        if (steps.Length == 0)
        {
            Needs.Unix();
        }

        return OperatingSystem.IsWindows() ? [TestProgram, "do", .. steps] : ["sh", "-c", script];
    }

    /// <summary>One command on Unix, and another on Windows.</summary>
    public static string[] Either(string[] unix, string[] windows) => OperatingSystem.IsWindows() ? windows : unix;

    /// <summary>On Windows: with the test process in front of a tool that Windows does not have, behind <c>--</c>.</summary>
    public static string[] OnWindows(string[] arguments)
    {
        int at = Array.IndexOf(arguments, "--") + 1;
        if (at == 0 || at == arguments.Length)
        {
            return arguments;
        }

        if (arguments[at] == "sh")
        {
            Needs.Unix();
        }

        return Tools.Contains(arguments[at]) ? [.. arguments[..at], TestProgram, .. arguments[at..]] : arguments;
    }
}
