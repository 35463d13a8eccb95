using Xunit;

namespace PortMgmt.Tests.Processes;

/// <summary>What a test needs of its machine; where it is missing, the test is skipped with the reason.</summary>
internal static class Needs
{
    public static void Linux() => Skip.IfNot(OperatingSystem.IsLinux(), "The test is about Linux.");

    /// <summary>The right to make namespaces and mounts and to become another user, and the tools for it.</summary>
    public static void RootAnd(params string[] tools)
    {
        Linux();
        Skip.IfNot(Environment.IsPrivilegedProcess, "The test needs root: it makes namespaces or mounts, or becomes another user.");
        foreach (string tool in tools)
        {
            Skip.IfNot(IsOnPath(tool), $"{tool} is not installed.");
        }

        if (tools.Contains("unshare"))
        {
            Skip.IfNot(CanUnshare(), "This machine does not let root make namespaces.");
        }
    }

    /// <summary>That another user may run the test process where it was built.</summary>
    public static void ReachableTests() => Skip.IfNot(
        Launcher.Succeeds([.. Launcher.AsUser(Launcher.Nobody), "test", "-x", Path.Combine(AppContext.BaseDirectory, "PortMgmt.TestProcess")]),
        $"Other users cannot reach {AppContext.BaseDirectory}.");

    private static bool CanUnshare() => Launcher.Succeeds(["unshare", "--mount", "--net", "--pid", "--fork", "true"]);

    private static bool IsOnPath(string tool) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(directory => File.Exists(Path.Combine(directory, tool)));
}
