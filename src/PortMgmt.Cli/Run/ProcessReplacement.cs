using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace PortMgmt.Cli.Run;

/// <summary>
/// Unix: this process becomes the command, by execve, in the state in which it was itself started. The process id stays,
/// and with it the lease. execve itself takes care of the rest: it closes the runtime's descriptors (all close-on-exec),
/// ends its threads and sets caught signals to their default; the signal mask and the terminal were never changed.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal static unsafe class ProcessReplacement
{
    private const string Shell = "/bin/sh";

    /// <summary>Becomes the command.</summary>
    /// <param name="path">The file, as <see cref="ExecutablePath"/> found it.</param>
    /// <param name="process">The command.</param>
    /// <param name="sockets">The sockets that it is handed; null for none.</param>
    /// <returns>Never: it becomes the command or throws.</returns>
    /// <exception cref="CommandFailedException">The system refused.</exception>
    public static int Execute(string path, CommandProcess process, SocketHandover? sockets = null)
    {
        using var environment = new NativeVector();
        AddEnvironment(environment, [.. process.Variables, .. sockets?.Variables ?? []]);
        IDisposable[] pipes = sockets is null ? [] : RuntimeFiles.OpenDebuggerPipes();
        RuntimeFiles.Remove();
        RestoreInheritedState();
        int[] former = [];
        if (sockets is not null)
        {
            // With one of its descriptors gone the runtime compiles nothing more: what follows is called once before, on no file.
            _ = Execute("", [process.Command, .. process.Arguments], environment);
            former = sockets.Apply();
        }

        int error = Execute(path, [process.Command, .. process.Arguments], environment);
        if (error == LibC.NoExecutableFormat)
        {
            // A script without a first line that names its interpreter: execvp(3) and every shell give it to sh.
            error = Execute(Shell, [Shell, path, .. process.Arguments], environment);
        }

        SocketHandover.Undo(former);
        GC.KeepAlive(pipes);

        // The runtime's own choice again, so that writing the error to a closed pipe does not end this process.
        LibC.SetDisposition(InheritedState.BrokenPipe, LibC.IgnoreDisposition);
        throw CommandFailedException.NotExecutable(path, error == LibC.NoEntry ? "its interpreter is missing" : Marshal.GetPInvokeErrorMessage(error));
    }

    /// <summary>The value of an environment variable as its bytes, in Latin-1; null when it is not set.</summary>
    public static string? Variable(string name)
    {
        for (byte** entry = LibC.Environment(); entry is not null && *entry is not null; entry++)
        {
            ReadOnlySpan<byte> text = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(*entry);
            if (IsNamed(text, name))
            {
                return Encoding.Latin1.GetString(text[(name.Length + 1)..]);
            }
        }

        return null;
    }

    /// <summary>Adds this process's environment, borrowed, with some variables set.</summary>
    public static void AddEnvironment(NativeVector environment, IReadOnlyList<KeyValuePair<string, string>> variables)
    {
        for (byte** entry = LibC.Environment(); entry is not null && *entry is not null; entry++)
        {
            ReadOnlySpan<byte> text = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(*entry);
            bool replaced = false;
            foreach ((string name, _) in variables)
            {
                replaced |= IsNamed(text, name);
            }

            if (!replaced)
            {
                environment.Add(*entry);
            }
        }

        foreach ((string name, string value) in variables)
        {
            environment.Add($"{name}={value}");
        }
    }

    private static int Execute(string path, string[] arguments, NativeVector environment)
    {
        using var file = new NativeVector();
        using var vector = new NativeVector();
        file.Add(path);
        foreach (string argument in arguments)
        {
            vector.Add(argument);
        }

        LibC.Execute(*file.ToPointer(), vector.ToPointer(), environment.ToPointer());
        return Marshal.GetLastPInvokeError();
    }

    private static bool IsNamed(ReadOnlySpan<byte> entry, string name) =>
        entry.Length > name.Length && entry[name.Length] == '=' && Ascii.Equals(entry[..name.Length], name);

    private static void RestoreInheritedState()
    {
        ProcessStatus? self = OperatingSystem.IsLinux() ? ProcessStatus.Read("self") : null;
        ProcessStatus? parent = InheritedState.ReadParent(self);
        ResourceLimit limit = LibC.GetOpenFilesLimit();
        LibC.SetOpenFilesLimit(limit with { Soft = InheritedState.SoftOpenFiles(limit, parent) });
        ulong ignored = self is null ? 0 : InheritedState.IgnoredSignals(self, parent);
        for (int signal = 1; signal < 32; signal++)
        {
            if ((ignored >> (signal - 1) & 1) != 0)
            {
                LibC.SetDisposition(signal, LibC.IgnoreDisposition);
            }
        }

        if ((ignored >> (InheritedState.BrokenPipe - 1) & 1) == 0)
        {
            LibC.SetDisposition(InheritedState.BrokenPipe, LibC.DefaultDisposition);
        }
    }
}
