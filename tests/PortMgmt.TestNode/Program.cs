using PortMgmt.TestNode;

// The broker's URL is in the environment, as everywhere.
return args switch
{
    ["broker"] => await BrokerVerb.RunAsync(),
    ["brokers"] => await BrokerVerb.RunClusterAsync(),
    ["worker", string cluster, string node, string type, string room, string log] => await WorkerVerb.RunAsync(cluster, node, type, int.Parse(room), log),
    ["submit", string cluster, string batch, string type, string count, string input] => await SubmitVerb.RunAsync(cluster, batch, type, int.Parse(count), input),
    _ => 2,
};
