BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
}

Describe 'Clusters without a broker' {
    It 'say that the broker cannot be reached, and show no password' {
        $failure = { New-Daemon nobody -Broker 'amqp://guest:s3cret-word@127.0.0.1:1' } | Should -Throw -ErrorId 'BrokerUnreachable,*' -PassThru
        $failure.CategoryInfo.Category | Should -Be 'ConnectionError'
        $failure.Exception.ToString() | Should -Not -Match 's3cret-word'
    }

    It 'say of a daemon without one how to get one' {
        { 1 | Start-OperationBatch -Daemon Default -Type job } | Should -Throw -ErrorId 'NoCluster,*'
        { Start-OperationWorker job { $_ } } | Should -Throw -ErrorId 'NoCluster,*'
        { Get-ClusterNode } | Should -Throw -ErrorId 'NoCluster,*'
    }

    It 'want a broker where credentials are given' {
        { New-Daemon nobody -CaCertificate nothing.pem } | Should -Throw -ErrorId 'InvalidOption,*'
    }
}
