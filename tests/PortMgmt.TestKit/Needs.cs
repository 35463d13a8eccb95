using System.Runtime.InteropServices;
using PortMgmt.TestKit.Processes;
using Xunit;

namespace PortMgmt.TestKit;

/// <summary>What a test needs of its machine; where it is missing, the test is skipped with the reason.</summary>
public static class Needs
{
    public static void Linux() => Assert.SkipUnless(OperatingSystem.IsLinux(), "The test is about Linux.");

    public static void Windows() => Assert.SkipUnless(OperatingSystem.IsWindows(), "The test is about Windows; tests/windows/run.sh runs it in Wine.");

    /// <summary>What Wine does not have, so that the test is about a Windows of Microsoft's.</summary>
    /// <param name="what">What that is.</param>
    public static void RealWindows(string what)
    {
        Windows();
        Assert.SkipWhen(IsWine, $"Wine does not have it: {what}.");
    }

    private static bool IsWine => NativeLibrary.TryLoad("ntdll.dll", out nint library) && NativeLibrary.TryGetExport(library, "wine_get_version", out _);

    /// <summary>Symbolic links, which Windows lets only some users make, and Wine 8 nobody.</summary>
    public static void Links()
    {
        using var directory = new TemporaryDirectory();
        bool made;
        try
        {
            made = File.CreateSymbolicLink(directory["link"], directory.Path).Exists || new DirectoryInfo(directory["link"]).LinkTarget is not null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            made = false;
        }

        Assert.SkipUnless(made, "This user cannot make symbolic links here.");
    }

    /// <summary>Programs that become others, signals and a shell.</summary>
    public static void Unix() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix only: there is no execve, no signal and no /bin/sh.");

    /// <summary>Sockets that a command is handed by the process that becomes it.</summary>
    public static void SocketHandOver() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix only: a process of Windows does not become another that keeps its sockets.");

    /// <summary>Interrupts: a shell has them ignored for what it runs in the background.</summary>
    public static void Interrupt() => Signal("SIGINT", 2);

    /// <summary>The signal of a terminal that is gone: nohup has it ignored.</summary>
    public static void Hangup() => Signal("SIGHUP", 1);

    /// <summary>The right to make namespaces and mounts and to become another user, and the tools for it.</summary>
    public static void RootAnd(params string[] tools)
    {
        Linux();
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "The test needs root: it makes namespaces or mounts, or becomes another user.");
        foreach (string tool in tools)
        {
            Assert.SkipUnless(IsOnPath(tool), $"{tool} is not installed.");
        }

        if (tools.Contains("unshare"))
        {
            Assert.SkipUnless(CanUnshare(), "This machine does not let root make namespaces.");
        }
    }

    /// <summary>That another user may run the test process where it was built.</summary>
    public static void ReachableTests() => Assert.SkipUnless(
        Launcher.Succeeds([.. Launcher.AsUser(Launcher.Nobody), "test", "-x", TestProgram.Path]),
        $"Other users cannot reach {AppContext.BaseDirectory}.");

    private static void Signal(string name, int number)
    {
        Unix();
        string? ignored = OperatingSystem.IsLinux()
            ? File.ReadLines("/proc/self/status").First(static line => line.StartsWith("SigIgn:", StringComparison.Ordinal))[7..].Trim()
            : null;
        Assert.SkipWhen(
            ignored is not null && (Convert.ToUInt64(ignored, 16) >> (number - 1) & 1) != 0,
            $"{name} is ignored by whoever started the tests, and so by every program that they start.");
    }

    private static bool CanUnshare() => Launcher.Succeeds(["unshare", "--mount", "--net", "--pid", "--fork", "true"]);

    private static bool IsOnPath(string tool) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(directory => File.Exists(Path.Combine(directory, tool)));
}
