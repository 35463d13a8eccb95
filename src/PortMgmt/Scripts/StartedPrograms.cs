using System.Runtime.Versioning;
using PortMgmt.Platform.Linux;

namespace PortMgmt.PowerShell.Scripts;

/// <summary>
/// What an operation whose time is up leaves running: programs that it started on its worker's thread, and what those have started. The
/// engine ends the one that it waits for itself, and no more. Where the system does not tell who started what, nothing is ended.
/// </summary>
internal sealed class StartedPrograms
{
    /// <summary>How long the engine has to end the program that it waits for: were it ended under its hands, the block would go on.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(300);

    /// <summary>An operation this short has started nothing.</summary>
    private const long ShortestStart = 1;

    private readonly LinuxThreadPrograms? _thread = OperatingSystem.IsLinux() ? LinuxThreadPrograms.OfCurrentThread() : null;
    private long _begun;

    /// <summary>Whether it can be known, on this system, what was started.</summary>
    public static bool AreKnown { get; } = OperatingSystem.IsLinux() && LinuxThreadPrograms.OfCurrentThread() is not null;

    /// <summary>An operation begins. By the worker, as <see cref="End"/>.</summary>
    public void Begin() => _begun = Environment.TickCount64;

    /// <summary>An operation has ended: what it left running it was meant to.</summary>
    public void End()
    {
        if (OperatingSystem.IsLinux() && Environment.TickCount64 - _begun >= ShortestStart)
        {
            _thread?.Forget();
        }
    }

    /// <summary>The operation's time is up: ends what it started, once the engine has had its time. Any thread; before anything is stopped.</summary>
    public void EndSoon()
    {
        if (!OperatingSystem.IsLinux() || _thread?.Find() is not { Count: > 0 } programs)
        {
            return;
        }

        _ = EndAsync(programs);
    }

    [SupportedOSPlatform("linux")]
    private static async Task EndAsync(IReadOnlyList<LinuxProgram> programs)
    {
        await Task.Delay(Grace).ConfigureAwait(false);
        foreach (LinuxProgram program in programs)
        {
            program.Kill();
        }
    }
}
