using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using PortMgmt.Cli.Run;

namespace PortMgmt.Cli.Batch.Processes;

/// <summary>
/// A child process with our ends of its pipes. posix_spawn(3) starts it as vfork would, without copying our address space, and it
/// exists as a zombie until it is reaped here: so its process group's id cannot become another's while we may still signal it.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed unsafe class UnixChild : IDisposable
{
    private const string Shell = "/bin/sh";

    private readonly int _process;
    private bool _isReaped;

    private UnixChild(int process, int input, int output, int error)
    {
        _process = process;
        Input = input;
        Output = output;
        Error = error;
        EndWatch = ProcessCalls.Watch(process);
    }

    /// <summary>The write end of its standard input; negative when there is none, or no more.</summary>
    public int Input { get; private set; }

    /// <summary>The read end of its standard output; negative when closed.</summary>
    public int Output { get; private set; }

    /// <summary>The read end of its standard error; negative when closed.</summary>
    public int Error { get; private set; }

    /// <summary>Readable when the process has ended; negative where the system cannot tell.</summary>
    public int EndWatch { get; private set; }

    /// <summary>Whether it has ended, reaped or not.</summary>
    public bool HasEnded => ProcessCalls.HasEnded(_process);

    /// <summary>Starts a command.</summary>
    /// <param name="path">Its file, in Latin-1.</param>
    /// <param name="arguments">The command's name and its arguments.</param>
    /// <param name="environment">The environment block.</param>
    /// <param name="attributes">How to start it.</param>
    /// <param name="hasInput">Whether we write its standard input; else it is /dev/null.</param>
    /// <exception cref="CommandFailedException">The system refused.</exception>
    /// <exception cref="IOException">There are no more descriptors to be had.</exception>
    public static UnixChild Start(string path, IReadOnlyList<byte[]> arguments, byte** environment, SpawnAttributes attributes, bool hasInput)
    {
        (int Read, int Write) input = (-1, -1), output = (-1, -1), error = (-1, -1);
        try
        {
            input = hasInput ? ProcessCalls.Pipe() : input;
            output = ProcessCalls.Pipe();
            error = ProcessCalls.Pipe();
            int process = Spawn(path, arguments, environment, attributes, (input.Read, output.Write, error.Write));
            var child = new UnixChild(process, input.Write, output.Read, error.Read);
            (input.Write, output.Read, error.Read) = (-1, -1, -1);
            return child;
        }
        finally
        {
            CloseAll(input.Read, input.Write, output.Read, output.Write, error.Read, error.Write);
        }
    }

    /// <summary>Sends a signal to the process and everything in its group.</summary>
    public void SignalGroup(int signal) => ProcessCalls.Signal(-_process, signal);

    /// <summary>Closes standard input: the child finds its end.</summary>
    public void CloseInput() => Input = Closed(Input);

    /// <summary>Closes standard output.</summary>
    public void CloseOutput() => Output = Closed(Output);

    /// <summary>Closes standard error.</summary>
    public void CloseError() => Error = Closed(Error);

    /// <summary>Waits for the process's end.</summary>
    /// <returns>The status as waitpid(2) has it.</returns>
    public int Reap()
    {
        _isReaped = true;
        return ProcessCalls.Reap(_process);
    }

    /// <summary>Closes the pipes, and ends what was not reaped.</summary>
    public void Dispose()
    {
        CloseInput();
        CloseOutput();
        CloseError();
        EndWatch = Closed(EndWatch);
        if (!_isReaped)
        {
            SignalGroup(ProcessCalls.Kill);
            Reap();
        }
    }

    private static int Spawn(
        string path, IReadOnlyList<byte[]> arguments, byte** environment, SpawnAttributes attributes, (int Input, int Output, int Error) streams)
    {
        byte* actions = stackalloc byte[ProcessCalls.OpaqueSize];
        ProcessCalls.InitializeActions(actions);
        fixed (byte* nothing = "/dev/null\0"u8)
        {
            if (streams.Input >= 0)
            {
                ProcessCalls.AddDuplicate(actions, streams.Input, 0);
            }
            else
            {
                ProcessCalls.AddOpen(actions, 0, nothing, 0, 0);
            }
        }

        ProcessCalls.AddDuplicate(actions, streams.Output, 1);
        ProcessCalls.AddDuplicate(actions, streams.Error, 2);
        int error = Spawn(path, null, arguments, environment, attributes, actions, out int process);
        if (error == LibC.NoExecutableFormat)
        {
            // A script without a first line that names its interpreter: execvp(3) and every shell give it to sh.
            error = Spawn(Shell, path, arguments, environment, attributes, actions, out process);
        }

        ProcessCalls.DestroyActions(actions);
        return error == 0
            ? process
            : throw CommandFailedException.NotExecutable(path, error == LibC.NoEntry ? "it or its interpreter is missing" : Marshal.GetPInvokeErrorMessage(error));
    }

    private static int Spawn(
        string path, string? script, IReadOnlyList<byte[]> arguments, byte** environment, SpawnAttributes attributes, byte* actions, out int process)
    {
        using var file = new NativeVector();
        using var vector = new NativeVector();
        file.Add(path);
        if (script is not null)
        {
            vector.Add(path);
            vector.Add(script);
        }

        for (int i = script is null ? 0 : 1; i < arguments.Count; i++)
        {
            vector.Add(arguments[i]);
        }

        fixed (int* id = &process)
        {
            return ProcessCalls.Spawn(id, *file.ToPointer(), actions, attributes.Pointer, vector.ToPointer(), environment);
        }
    }

    private static int Closed(int descriptor)
    {
        CloseAll(descriptor);
        return -1;
    }

    private static void CloseAll(params ReadOnlySpan<int> descriptors)
    {
        foreach (int descriptor in descriptors)
        {
            if (descriptor >= 0)
            {
                ProcessCalls.Close(descriptor);
            }
        }
    }
}
