using PortMgmt.TestProcess;

// A line leaves in one write: whoever kills this process finds it whole or not at all.
using var output = new StreamWriter(Console.OpenStandardOutput(), bufferSize: 4096) { AutoFlush = true };

switch (args)
{
    case ["listen", .. string[] rest]:
        return ListenVerb.Run(rest);
    case ["lease"]:
        return LeaseVerb.Run(Console.In, output);
    case ["hold"]:
        return HoldVerb.Run(Console.In, output);
    case ["turn", string lockFile, .. string[] rest]:
        return LockQueueVerb.Run(lockFile, shared: rest is ["shared"], Console.In, output);
    case ["exhausted"] when OperatingSystem.IsLinux():
        return ExhaustedVerb.Run(output);
    case ["allocate", .. string[] rest]:
        return AllocateVerb.Run(rest, Console.In, output);
    case ["compiled"]:
        return CompiledVerb.Run(output);
    case ["churn", .. string[] rest]:
        return ChurnVerb.Run(rest, output);
    case ["say", .. string[] rest]:
        return StreamVerbs.Say(rest, output);
    case ["tee"]:
        return StreamVerbs.Tee();
    case ["flood"]:
        return StreamVerbs.Flood();
    case ["nest", .. string[] rest]:
        return StreamVerbs.Nest(stays: rest is ["stay"], output);
    case ["sleep"]:
        Thread.Sleep(TimeSpan.FromMinutes(5));
        return 0;
    case ["do", .. string[] steps]:
        return StepsVerb.Run(steps, output);
    case [string tool, .. string[] rest] when ToolVerbs.TryRun(tool, rest, output, out int exitCode):
        return exitCode;
    default:
        Console.Error.WriteLine("usage: testprocess listen|lease|hold|turn|exhausted|allocate|compiled|churn|say|tee|flood|nest|sleep|do …, or true|false|echo|printf|cat|touch|env|yes …");
        return 2;
}
