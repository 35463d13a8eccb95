using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace PortMgmt.TestKit.Processes;

/// <summary>
/// Programs that become the command given to them, in surroundings that they make first. Mounts are made in a mount
/// namespace that ends with the command: nothing of them is seen by, or left to, the machine.
/// </summary>
public static class Launcher
{
    public const int Nobody = 65534;
    public const int Somebody = 65533;

    /// <summary>Another user, without any group or capability.</summary>
    public static string[] AsUser(int userId)
    {
        string id = userId.ToString(CultureInfo.InvariantCulture);
        return ["setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups", "--inh-caps=-all", "--bounding-set=-all", "--"];
    }

    /// <summary>A process namespace of its own, with a /proc that shows it.</summary>
    public static string[] InProcessNamespace { get; } = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "--"];

    /// <summary>A network namespace of its own.</summary>
    public static string[] InNetworkNamespace { get; } = ["unshare", "--net", "--"];

    /// <summary>A child of a process that never reaps it.</summary>
    public static string[] NeverReaped { get; } = ["sh", "-c", "exec 3<&0; \"$@\" <&3 & exec sleep 600", "sh"];

    /// <summary>Killed as it is about to write to a file at an offset for the so many-th time.</summary>
    public static string[] KilledBeforeWrite(int write) =>
        ["strace", "-qq", "-o", "/dev/null", "-e", "trace=pwrite64", "-e", string.Create(CultureInfo.InvariantCulture, $"inject=pwrite64:signal=KILL:when={write}"), "--"];

    /// <summary>A mount namespace of its own, after the shell commands that mount.</summary>
    /// <param name="mounts">Shell commands, which find <paramref name="paths"/> as $1, $2 and so on; nothing in them is quoted by hand.</param>
    /// <param name="paths">What the commands are about; exactly as many as they use.</param>
    public static string[] WithMounts(string mounts, params string[] paths) =>
        ["unshare", "--mount", "--propagation", "private", "--", "sh", "-ec", string.Create(CultureInfo.InvariantCulture, $"{mounts}; shift {paths.Length}; exec \"$@\""), "sh", .. paths];

    /// <summary>Whether a command is there and ends well.</summary>
    public static bool Succeeds(string[] command)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
