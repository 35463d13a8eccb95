using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using PortMgmt.Cli.Run;

namespace PortMgmt.Cli.Batch.Processes;

/// <summary>A child process with our ends of its pipes, in a job object of its own, by which all that it starts can be ended with it.</summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe class WindowsChild : IDisposable
{
    /// <summary>What .NET and taskkill end processes with.</summary>
    private const uint ExitCodeOfKilled = uint.MaxValue;

    private readonly SafeFileHandle _process;
    private readonly SafeFileHandle _job;

    private WindowsChild(SafeFileHandle process, SafeFileHandle job, WindowsPipe input, WindowsPipe output, WindowsPipe error)
    {
        _process = process;
        _job = job;
        Input = input;
        Output = output;
        Error = error;
    }

    /// <summary>Its standard input.</summary>
    public WindowsPipe Input { get; }

    /// <summary>Its standard output.</summary>
    public WindowsPipe Output { get; }

    /// <summary>Its standard error.</summary>
    public WindowsPipe Error { get; }

    /// <summary>Signalled when it has ended.</summary>
    public nint EndWatch => _process.DangerousGetHandle();

    /// <summary>Its exit code, once it has ended.</summary>
    public int ExitCode
    {
        get
        {
            int code;
            return WindowsCalls.GetExitCode(_process, &code) != 0 ? code : -1;
        }
    }

    /// <summary>Starts a command.</summary>
    /// <param name="line">Its command line.</param>
    /// <param name="environment">Its environment block; null for ours.</param>
    /// <exception cref="CommandFailedException">The system refused.</exception>
    /// <exception cref="IOException">There are no more pipes or jobs to be had.</exception>
    public static WindowsChild Start(WindowsCommandLine line, string? environment)
    {
        WindowsPipe? input = null, output = null, error = null;
        SafeFileHandle? job = null;
        try
        {
            input = WindowsPipe.Create(toChild: true);
            output = WindowsPipe.Create(toChild: false);
            error = WindowsPipe.Create(toChild: false);
            job = WindowsCalls.CreateJob(null, null);
            WindowsProcessHandles handles = Create(line, environment, [input.Theirs, output.Theirs, error.Theirs]);
            var child = new WindowsChild(new SafeFileHandle(handles.Process, ownsHandle: true), job, input, output, error);
            child.Begin(new SafeFileHandle(handles.Thread, ownsHandle: true));
            return child;
        }
        catch
        {
            input?.Dispose();
            output?.Dispose();
            error?.Dispose();
            job?.Dispose();
            throw;
        }
    }

    /// <summary>Ends it and all that it started.</summary>
    public void Kill()
    {
        if (WindowsCalls.TerminateJob(_job, ExitCodeOfKilled) == 0)
        {
            _ = WindowsCalls.TerminateProcess(_process, ExitCodeOfKilled);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Input.Dispose();
        Output.Dispose();
        Error.Dispose();
        _process.Dispose();
        _job.Dispose();
    }

    /// <summary>Puts it into its job before its first instruction, so that nothing of it can be outside.</summary>
    private void Begin(SafeFileHandle thread)
    {
        using (thread)
        {
            // A system without jobs inside of jobs refuses; its children are then ended alone.
            _ = WindowsCalls.AssignToJob(_job, _process);
            _ = WindowsCalls.Resume(thread);
        }

        Input.Theirs.Dispose();
        Output.Theirs.Dispose();
        Error.Theirs.Dispose();
    }

    private static WindowsProcessHandles Create(WindowsCommandLine line, string? environment, ReadOnlySpan<SafeFileHandle> streams)
    {
        nint* inherited = stackalloc nint[] { streams[0].DangerousGetHandle(), streams[1].DangerousGetHandle(), streams[2].DangerousGetHandle() };
        nuint size = 0;
        _ = WindowsCalls.InitializeAttributes(null, 1, 0, &size);
        byte* attributes = (byte*)NativeMemory.Alloc(size);
        try
        {
            if (WindowsCalls.InitializeAttributes(attributes, 1, 0, &size) == 0)
            {
                throw new IOException($"A command cannot be started: {WindowsCalls.LastMessage()}.");
            }

            _ = WindowsCalls.SetAttribute(attributes, 0, WindowsCalls.HandleList, inherited, 3 * (nuint)sizeof(nint), null, null);
            var start = new WindowsStart
            {
                Length = (uint)sizeof(WindowsStart),
                Flags = WindowsStart.UseHandles,
                Input = inherited[0],
                Output = inherited[1],
                Error = inherited[2],
                Attributes = attributes,
            };
            WindowsProcessHandles handles = Create(line, environment, &start);
            WindowsCalls.DeleteAttributes(attributes);
            return handles;
        }
        finally
        {
            NativeMemory.Free(attributes);
        }
    }

    private static WindowsProcessHandles Create(WindowsCommandLine line, string? environment, WindowsStart* start)
    {
        WindowsProcessHandles handles;

        // The system writes into the command line.
        char[] text = [.. line.Text, '\0'];
        fixed (char* commandLine = text, variables = environment)
        {
            if (WindowsCalls.CreateProcess(null, commandLine, null, null, 1, WindowsCalls.CreationFlags, variables, null, start, &handles) != 0)
            {
                return handles;
            }
        }

        throw CommandFailedException.NotExecutable(line.Program, WindowsCalls.LastMessage());
    }
}
